"""What tests share: pages, archives, documents and servers made up for them."""
