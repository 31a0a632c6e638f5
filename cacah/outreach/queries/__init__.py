"""What other rooms and the pages may ask about outreach; none of it names a family."""
