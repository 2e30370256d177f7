"""The Shelftalker service: API, command line and the domains behind them."""
