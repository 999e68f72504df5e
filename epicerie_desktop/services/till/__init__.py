"""The drawer, the household's purse and the closings of the till; the ticket itself is in `services/till/sell.py`."""
