"""The stick to the coordinator, the copies of the file and the check of the accounts."""
