"""The personalised social support file: orientation, projects, appointments, workshops, notes, papers, review, exit."""
