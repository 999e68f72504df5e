"""The households' files: finding one, opening a new one, editing members, address, card."""
