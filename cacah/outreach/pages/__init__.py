"""The pages of outreach, by idea."""
