"""The committee's screen: its meetings, the waiting list, suspensions and absences."""
