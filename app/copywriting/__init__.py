"""Writing copy, proving it and bringing it to the shelf."""
