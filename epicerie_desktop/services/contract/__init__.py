"""The contract: joining it, sending and receiving parcels, counting, its actions and its balances."""
