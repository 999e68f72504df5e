"""The coordinator's screens: contracts, their shops, the parcels received, the totals."""
