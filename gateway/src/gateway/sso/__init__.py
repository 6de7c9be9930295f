"""What single sign-on needs of the outside: providers over HTTP and domains in DNS. Knows no companies."""
