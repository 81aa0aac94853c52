"""The world outside the portal, each part behind one protocol, with an offline form that needs nothing and no one."""
