"""The shop's voices and its rules for every text: kept, learnt from samples, followed by writers and checks."""
