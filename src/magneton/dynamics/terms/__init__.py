"""What moments feel: each term is a part of the energy, and B_eff = -dE/dm."""
