"""Does a text sound as the shop wants it to? Rules, what breaks them, what can be put right, what samples show."""
