"""What people say of facts, above every import: attested ones, and supplied ones that are wrong."""
