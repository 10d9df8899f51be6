"""The web: records of archives, responses of servers, the text of pages."""
