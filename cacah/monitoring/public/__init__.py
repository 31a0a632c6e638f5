"""What everybody may see of the census: pages, embeds, pictures, maps and files."""
