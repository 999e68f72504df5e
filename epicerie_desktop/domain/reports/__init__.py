"""What a report counts: figures with their definition, tables, and the rules that compute them from frozen rows."""
