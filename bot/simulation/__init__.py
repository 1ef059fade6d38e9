"""A school year on a virtual clock: the house lives it with faults, an oracle works out what everybody has to see."""
