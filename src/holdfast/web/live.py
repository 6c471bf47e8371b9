from contextlib import asynccontextmanager
ROUTES = ()
class Stream:
    def __init__(self, program): ...
    @asynccontextmanager
    async def running(self):
        yield
