from portal.app import create_server

app = create_server()
