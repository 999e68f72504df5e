"""The worker's screen: statement of resources and charges, the sum told step by step, the right decided."""
