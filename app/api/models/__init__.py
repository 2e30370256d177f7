"""What goes over the wire: one module per router. Values of the domain never leave without passing through here."""
