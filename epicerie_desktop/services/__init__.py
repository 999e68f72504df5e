"""What a person does: one function a gesture, one transaction. Each takes the `Desk`: who, where, when."""
