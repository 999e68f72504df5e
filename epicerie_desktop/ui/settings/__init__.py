"""What this machine needs to know, the identity of the shop and the règlement in force."""
