"""The shop's documents (brand, size and care guides, FAQs) as facts of the products that they apply to."""
