from portal.app import create_server
from portal.doors.buffering import buffered

app = create_server()
served = buffered(app)
