/**
 * Programs of which Python says what is wrong: every `check…` of `main.py` is run. `found`: what Python complains of is
 * found, no more and no less. `silent`: Python has nothing to complain of, and nothing may be found.
 */
export const FOUND: Readonly<Record<string, string>> = {
  "a plain function that is awaited": `
def f(): return 1
async def check(): await f()
`,
  "a function that returns nothing": `
def f(): pass
async def check(): await f()
`,
  "a coroutine that is not awaited": `
async def f(): pass
async def check(): f()
`,
  "a coroutine made in a function that is not async": `
async def f(): pass
def check(): f()
`,
  "a call in parentheses": `
async def f(): pass
async def check():
    (f())
`,
  "an imported function": `
from app.client import fetch, send
async def check():
    fetch()
async def check2():
    await send(1)
# file: app/__init__.py
# file: app/client.py
async def fetch(): return 1
def send(x): return [x]
`,
  "an import under another name": `
from helpers import fetch as get
import helpers as h
async def check():
    get()
    h.fetch()
# file: helpers.py
async def fetch(): pass
`,
  "a function in a module of a namespace package": `
from tools.net.http import get
import tools.net.http
async def check():
    await get()
async def check2():
    await tools.net.http.get()
# file: tools/net/http.py
def get(): return {}
`,
  "a chain of re-exports": `
from pkg import fetch
async def check():
    fetch()
# file: pkg/__init__.py
from .api import fetch
# file: pkg/api.py
from .impl.deep import fetch
# file: pkg/impl/__init__.py
# file: pkg/impl/deep.py
async def fetch(): pass
`,
  "a function named as the module it comes from": `
from pkg import fetch
async def check():
    await fetch()
# file: pkg/__init__.py
from .fetch import fetch
# file: pkg/fetch.py
def fetch(): return ""
`,
  "a star import": `
from helpers import *
async def check():
    fetch()
# file: helpers.py
async def fetch(): pass
`,
  "a star import with __all__": `
from helpers import *
async def check():
    _fetch()
# file: helpers.py
__all__ = ["_fetch"]
async def _fetch(): pass
`,
  "an import in a function": `
async def check():
    from helpers import fetch
    fetch()
# file: helpers.py
async def fetch(): pass
`,
  "relative imports up": `
from pkg.a.b import run
async def check(): await run()
# file: pkg/__init__.py
# file: pkg/util.py
def sync(): return 1
# file: pkg/a/__init__.py
# file: pkg/a/b.py
from ..util import sync
from .. import util
async def run():
    try:
        await sync()
    except ValueError:
        pass
`,
  "a method on self": `
class Client:
    def connect(self): self.on = True
    async def send(self): return 1
    async def run(self):
        self.send()
        await self.connect()
async def check(): await Client().run()
`,
  "a method of a local": `
class Client:
    async def send(self): return 1
    def close(self): return None
async def check():
    client = Client()
    client.send()
    await client.close()
`,
  "a method of what a class makes at once": `
class Client:
    async def send(self): return 1
async def check():
    Client().send()
`,
  "an inherited method": `
from base import Base
class Client(Base):
    pass
async def check():
    client = Client()
    client.send()
# file: base.py
class Root:
    async def send(self): pass
class Base(Root):
    pass
`,
  "the method that comes first in the order of the bases": `
class Root:
    def go(self): return 1
class Left(Root):
    pass
class Right(Root):
    async def go(self): return 1
class Both(Left, Right):
    pass
async def check():
    Both().go()
`,
  "a class method and a static method": `
class Client:
    @classmethod
    async def make(cls): return cls()
    @staticmethod
    def parse(text): return len(text)
async def check():
    Client.make()
async def check2():
    await Client.parse("x")
`,
  "a parameter with an annotation": `
class Client:
    async def send(self): pass
async def use(client: Client, other: "Client"):
    client.send()
    other.send()
async def check(): await use(Client(), Client())
`,
  "a function inside a function": `
async def check():
    async def inner(): pass
    def plain(): return 0
    inner()
    await plain()
`,
  "redefined under if, both the same": `
import sys
if sys.version_info >= (3, 8):
    async def f(): pass
else:
    async def f(): return 1
async def check(): f()
`,
  "a fallback for an import, both the same": `
try:
    from fast import f
except ImportError:
    def f(): return 1
async def check(): await f()
# file: fast.py
def f(): return 2
`,
  "a coroutine that is kept and never looked at": `
async def f(): return 1
async def check():
    answer = f()
`,
  "asyncio.sleep": `
import asyncio
from asyncio import sleep as pause
async def check():
    asyncio.sleep(0)
    pause(0)
`,
  "time.sleep": `
import time
async def check(): await time.sleep(0)
`,
  print: `
async def check(): await print("")
`,
  "a function that returns calls of plain ones": `
from m import b
def a(flag=True): return b() if flag else str(1)
async def check(): await a()
# file: m.py
def b():
    return c(3)
def c(n: int):
    total = []
    if n: return n + 1
    return total
`,
  "a function that returns a new object": `
import dataclasses
@dataclasses.dataclass
class User:
    name: str = ""
def make(): return User()
async def check(): await make()
`,
  "a class that is awaited": `
class User: pass
async def check(): await User()
`,
  "a generator": `
def f(): yield 1
async def check(): await f()
`,
  "an async generator that is awaited": `
async def f(): yield 1
async def check(): await f()
`,
  "a context manager": `
from contextlib import contextmanager
@contextmanager
def f(): yield 1
async def check(): await f()
`,
  "known decorators": `
import functools
@functools.wraps(len)
async def f(): pass
async def check(): f()
`,
  overloads: `
from typing import overload
@overload
def f(x: int): ...
@overload
async def f(x: str): ...
async def f(x): return x
async def check(): f(1)
`,
  "an await inside a comprehension": `
def f(x): return [x]
async def check(): return [await f(x) for x in (1, 2)]
`,
  "an await inside a generator expression in a plain function": `
def f(x): return [x]
async def check():
    def make(): return (await f(x) for x in (1, 2))
    async for one in make(): pass
`,
  "an await in an f-string": `
def f(): return 1
async def check(): return f"{await f()}"
`,
  "a unittest case": `
import unittest
class TestIt(unittest.IsolatedAsyncioTestCase):
    async def helper(self): return 1
    async def test(self):
        self.helper()
def check():
    unittest.TestResult
    TestIt("test").run()
`,
  "an abstract method that every subclass makes async": `
import abc
class Base(abc.ABC):
    @abc.abstractmethod
    async def send(self): ...
    async def run(self):
        self.send()
class One(Base):
    async def send(self): return 1
async def check(): await One().run()
`,
  "generic classes": `
from typing import Generic, TypeVar
T = TypeVar("T")
class Box(Generic[T]):
    async def get(self): return 1
class Ints(Box[int]): pass
async def check(): Ints().get()
`,
  "src layout": `
import sys
sys.path.insert(0, "src")
from shop.cart import add
async def check(): add()
# file: src/shop/__init__.py
# file: src/shop/cart.py
async def add(): pass
`,
  "a helper beside the test": `
import runpy, sys
def check():
    sys.path.insert(0, "tests/unit")
    import test_it, asyncio
    asyncio.run(test_it.run())
# file: tests/unit/test_it.py
from helper import go
async def run(): go()
# file: tests/unit/helper.py
async def go(): pass
`,
  "an await that spans lines and comments": `
def f(*a): return 1
async def check():
    return (await  # why
        f(1,
          2))
`,
  "a semicolon and one line": `
async def f(): pass
async def check():
    if True: f(); f()
`,
  "a name with letters of other languages": `
async def größe(): pass
async def check(): größe()
`,
  "two files of one name that agree": `
from a.util import f
from b.util import f as g
async def check(): f(); g()
# file: a/__init__.py
# file: a/util.py
async def f(): pass
# file: b/__init__.py
# file: b/util.py
async def f(): return 1
`,
};

export const SILENT: Readonly<Record<string, string>> = {
  "all is well": `
import asyncio
async def f(): return 1
def g(): return 1
async def check():
    await f(); g()
    task = asyncio.create_task(f()); await task
    await asyncio.gather(f(), f())
    return await asyncio.wait_for(f(), 1)
def check2():
    asyncio.run(f())
    x = f()
    asyncio.run(x)
`,
  "returned, passed on, in a lambda": `
import asyncio
async def f(): return 1
def later(): return f()
def keep(x): return x
async def check():
    await later(); await keep(f())
    h = lambda: f()
    await h()
    for c in [f(), f()]: await c
    await (f() if True else f())
`,
  "a plain function that returns a coroutine": `
import asyncio
async def f(): return 1
def a(): return f()
def b(): x = f(); return x
def c(): return asyncio.sleep(0)
def d(): return a()
def e(g=f): return g()
async def check():
    await a(); await b(); await c(); await d(); await e()
`,
  "annotated as awaitable": `
import asyncio
from typing import Awaitable
def a() -> Awaitable[int]: return asyncio.ensure_future(asyncio.sleep(0))
def b() -> "asyncio.Future":
    future = asyncio.get_running_loop().create_future()
    future.set_result(1)
    return future
def lies() -> int: return asyncio.sleep(0)
async def check(): await a(); await b(); await lies()
`,
  "an object that can be awaited": `
class Ready:
    def __await__(self):
        return iter(())
class Sub(Ready): pass
def make(): return Sub()
async def check(): await Ready(); await Sub(); await make()
`,
  "an object whose operators give something awaitable": `
class Ready:
    def __await__(self): return iter(())
    def __add__(self, other): return self
    def __eq__(self, other): return self
    def __neg__(self): return self
    def __getitem__(self, key): return self
    @property
    def p(self): return self
R = Ready()
def a(x): return x + 1
def b(x): return x == 1
def c(x): return -x
def d(x): return x[0]
def e(x): return x.p
def f(x): return x or 1
def g(): return R
def h(x):
    y = 1
    y += x
    return y
Ready.__radd__ = Ready.__add__
async def check(): await a(R); await b(R); await c(R); await d(R); await e(R); await f(R); await g(); await h(R)
`,
  "a decorator that makes it async": `
import functools
def asyncify(f):
    @functools.wraps(f)
    async def wrapper(*a): return f(*a)
    return wrapper
@asyncify
def f(): return 1
async def check(): await f()
`,
  "a decorator that makes it plain": `
import asyncio
def sync(f):
    def wrapper(*a): return asyncio.run(f(*a))
    return wrapper
@sync
async def f(): return 1
def check(): f()
`,
  "a class decorator that makes its methods async": `
def asyncify(cls):
    plain = cls.go
    async def go(self): return plain(self)
    cls.go = go
    return cls
@asyncify
class A:
    def go(self): return 1
async def check(): await A().go()
`,
  "a metaclass that makes its methods plain": `
import asyncio, inspect
class Meta(type):
    def __new__(mcs, name, bases, ns):
        for key, value in list(ns.items()):
            if inspect.isfunction(value) and inspect.iscoroutinefunction(value):
                ns[key] = lambda self, value=value: asyncio.run(value(self))
        return super().__new__(mcs, name, bases, ns)
class A(metaclass=Meta):
    async def go(self): return 1
class B(A):
    async def stop(self): return 1
def check(): A().go(); B().stop()
`,
  "a base that changes its subclasses": `
import asyncio
class Base:
    def __init_subclass__(cls):
        run = cls.go
        cls.other = lambda self: asyncio.run(run(self))
        setattr(cls, "g" + "o", cls.other)
class A(Base):
    async def go(self): return 1
def check(): A().go()
`,
  "a global that is given another value": `
def f(): return 1
async def g(): return 1
f = g
async def check(): await f()
`,
  "a global that a function gives another value": `
def f(): return 1
async def g(): return 1
def swap():
    global f
    f = g
async def check():
    swap()
    await f()
`,
  "a module's function that is replaced from outside": `
import app
from app import run
async def fake(): return 1
app.fetch = fake
async def check():
    await app.fetch()
    await run()
# file: app.py
def fetch(): return 1
async def run(): return await fetch()
`,
  patch: `
from unittest.mock import patch, AsyncMock, MagicMock
import app
async def check():
    with patch("app.fetch", new=AsyncMock()):
        await app.fetch()
    with patch.object(app, "send", MagicMock()):
        app.send()
    with patch.multiple(app, get=AsyncMock()):
        await app.get()
# file: app.py
def fetch(): return 1
async def send(): return 1
def get(): return 1
`,
  setattr: `
import app
async def fake(): return 1
for name in ("fetch", "send"):
    setattr(app, name, fake)
async def check(): await app.fetch(); await app.send()
# file: app.py
def fetch(): return 1
def send(): return 1
`,
  globals: `
def f(): return 1
async def g(): return 1
globals()["f"] = g
async def check(): await f()
`,
  "sys.modules": `
import sys, types
fake = types.SimpleNamespace()
async def fetch(): return 1
fake.fetch = fetch
sys.modules["client"] = fake
from client import fetch as get
async def check(): await get()
# file: client.py
def fetch(): return 1
`,
  "a parameter of the same name": `
def f(): return 1
async def g(): return 1
async def use(f): await f()
async def check(): await use(g)
`,
  "other bindings of the same name": `
import contextlib
def f(): return 1
async def g(): return 1
async def check():
    for f in [g]: await f()
async def check2():
    with contextlib.nullcontext(g) as f: await f()
async def check3():
    if (f := g): await f()
async def check4():
    match g:
        case f: await f()
async def check5():
    [await f() for f in [g]]
async def check6():
    f, h = g, g
    await f(); await h()
async def check7():
    import other as f
    f = f.f
    await f()
async def check8(): 
    f: object = g
    await f()
# file: other.py
async def f(): pass
`,
  "a nonlocal": `
async def check():
    def f(): return 1
    async def g(): return 1
    def swap():
        nonlocal f
        f = g
    swap()
    await f()
`,
  "redefined under if, one each": `
import os
if os.sep == "/":
    async def f(): return 1
else:
    def f(): return 1
async def check(): await f()
`,
  "redefined later": `
def f(): return 1
async def f(): return 1
async def check(): await f()
`,
  "an override in a subclass": `
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
class A(Base):
    async def go(self): return 1
async def check(): await A().run()
`,
  "an override in a subclass of another file": `
from impl import A
async def check(): await A().run()
# file: base.py
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
# file: impl.py
import base as b
class A(b.Base):
    async def go(self): return 1
`,
  "an override in a class whose base has another name": `
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
Other = Base
class A(Other):
    async def go(self): return 1
async def check(): await A().run()
`,
  "an override through a mixin": `
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
class Mixin:
    async def go(self): return 1
class A(Mixin, Base): pass
async def check(): await A().run()
`,
  "a class made by type()": `
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
async def go(self): return 1
A = type("A", (Base,), {"go": go})
async def check(): await A().run()
`,
  "a method set on the instance": `
class A:
    def __init__(self):
        async def go(): return 1
        self.go = go
    def go(self): return 1
async def check(): await A().go()
`,
  "a stub that is replaced elsewhere": `
class Base:
    def go(self): raise NotImplementedError
    async def run(self): return await self.go()
def make():
    class A(Base):
        async def go(self): return 1
    return A()
async def check(): await make().run()
`,
  "a protocol": `
from typing import Protocol
class Goes(Protocol):
    def go(self): return None
class A:
    async def go(self): return 1
async def use(x: Goes): await x.go()
async def check(): await use(A())
`,
  "an annotation that allows more": `
from typing import Optional, Union
class A:
    def go(self): return 1
class B:
    async def go(self): return 1
async def use(x: Union[A, B], y: A | B, z: Optional[A] = None): await x.go(); await y.go()
async def check(): await use(B(), B())
`,
  "a local that is made twice": `
class A:
    def go(self): return 1
class B:
    async def go(self): return 1
async def check():
    x = A()
    x = B()
    await x.go()
`,
  "a class that makes something else": `
class B:
    async def go(self): return 1
class A:
    def __new__(cls): return B()
    def go(self): return 1
async def check():
    x = A()
    await x.go()
`,
  "a function that makes the instance": `
class A:
    def go(self): return 1
class B:
    async def go(self): return 1
def Make(): return B()
async def check():
    x = Make()
    await x.go()
`,
  __getattribute__: `
async def go(): return 1
class A:
    def go(self): return 1
    def __getattribute__(self, name): return go
async def check(): await A().go()
`,
  __class__: `
class B:
    async def go(self): return 1
class A:
    def go(self): return 1
async def check():
    x = A()
    x.__class__ = B
    await x.go()
`,
  "a method under a condition": `
class Base:
    async def go(self): return 1
class A(Base):
    if False:
        def go(self): return 1
async def check(): await A().go()
`,
  "a package's name and its module": `
import pkg.run
from pkg import run
async def check(): await pkg.go.f()
# file: pkg/__init__.py
from . import go
def run(): return 1
# file: pkg/run.py
# file: pkg/go.py
async def f(): pass
`,
  "two files of one name that do not agree": `
import sys
sys.path.insert(0, "other")
from util import f
async def check(): await f()
# file: util.py
def unused(): return 1
async def f(): return 1
# file: lib/util.py
def f(): return 1
# file: other/util.py
async def f(): return 1
`,
  "a file that is named as a module of Python": `
import queue
from queue import Queue
async def check(): await helper()
async def helper():
    return Queue()
# file: sub/queue.py
async def Queue(): pass
`,
  "a star import that hides a function": `
def f(): return 1
from other import *
async def check(): await f()
# file: other.py
async def f(): return 1
`,
  "a star import of what __all__ leaves out": `
async def f(): return 1
from other import *
async def check(): await f()
# file: other.py
__all__ = ["x"]
x = 1
def f(): return 1
`,
  "a star import of something that is not here": `
def sleep(): return 1
from asyncio import *
async def check(): await sleep(0)
`,
  "a circle of imports": `
import a
async def check(): await a.f()
# file: a.py
from b import *
from b import g
async def f(): return await g()
# file: b.py
from a import *
async def g(): return 1
`,
  "somebody expects the fault": `
import unittest, warnings
def f(): return 1
async def g(): return 1
async def probe():
    try:
        await f()
    except TypeError:
        return True
async def check():
    assert await probe()
`,
  "asked before it is awaited": `
import inspect
def f(): return 1
async def call():
    if inspect.iscoroutinefunction(f): return await f()
    return f()
async def check(): await call()
`,
  "a coroutine that is kept and used by another function": `
async def f(): return 1
async def check():
    x = f()
    async def use(): return await x
    await use()
async def check2():
    x = f()
    await locals()["x"]
`,
  "async with, async for": `
class A:
    async def __aenter__(self): return self
    async def __aexit__(self, *a): pass
    async def go(self): return 1
async def gen(): yield 1
async def check():
    async with A() as a: await a.go()
    async for x in gen(): pass
    async with A(): pass
`,
  "words in strings and comments": `
def f(): return 1
async def check():
    "await f()"
    # await f()
    x = "await f()", f'''
    await f()'''
    return x
`,
  "a lambda that awaits nothing": `
async def f(): return 1
async def check():
    g = lambda: f()
    return await g()
`,
  "a partial": `
import functools
async def f(x): return 1
g = functools.partial(f, 1)
async def check(): await g()
`,
  "a property that gives a function": `
async def go(): return 1
class A:
    @property
    def go(self): return go
async def check(): await A().go()
`,
  "a class with __call__": `
class F:
    async def __call__(self): return 1
f = F()
async def check(): await f()
`,
  "types.coroutine": `
import types
@types.coroutine
def f():
    return (yield)
async def check():
    c = f()
    c.close()
`,
  "a type parameter's name": `
from typing import TypeVar
class A:
    def go(self): return 1
class B:
    async def go(self): return 1
def scope():
    A = B
    async def use(x: A): await x.go()
    return use
async def check(): await scope()(B())
`,
  exec: `
def f(): return 1
exec("async def f(): return 1")
async def check(): await f()
`,
  "a name of the class body": `
async def go(): return 1
def f(): return 1
class A:
    async def f(self): return 1
    async def run(self): return await self.f()
    f2 = f
async def check():
    await A().f2(); await A().run()
`,
  "an object that learns to be awaited": `
class Ready: pass
Ready.__await__ = lambda self: iter(())
async def check(): await Ready()
`,
  "a package that makes its names when asked": `
from pkg import sub
async def check(): await sub.f()
# file: pkg/__init__.py
def __getattr__(name):
    import types
    async def f(): return 1
    if name.startswith("__"): raise AttributeError(name)
    return types.SimpleNamespace(f=f)
# file: pkg/sub.py
def f(): return 1
`,
  "__all__ that grows": `
def f(): return 1
from other import *
async def check(): await f()
# file: other.py
__all__ = ["x"]
__all__.append("f")
x = 1
async def f(): return 1
`,
  "sys.modules under a name that is worked out": `
import sys, types
NAME = "client"
async def fetch(): return 1
sys.modules[NAME] = types.SimpleNamespace(fetch=fetch)
import client
async def check(): await client.fetch()
# file: client.py
def fetch(): return 1
`,
  "a method put into __dict__": `
from app import A
async def go(): return 1
async def check():
    a = A()
    a.__dict__["go"] = go
    await a.go()
# file: app.py
class A:
    def go(self): return 1
`,
  "an abstract method with a body": `
import abc
class Base(abc.ABC):
    @abc.abstractmethod
    def go(self): return 1
    async def run(self): return await self.go()
async def go(self): return 1
One = abc.ABCMeta("One", (Base,), dict(go=go))
async def check(): await One().run()
`,
  "a mock in place of what is annotated": `
from unittest.mock import AsyncMock
class Client:
    def go(self): return 1
async def use(client: Client): await client.go()
async def check(): await use(AsyncMock())
`,
  "a subclass of the same class under another name": `
import sys
sys.path.insert(0, "src")
import lib.base
sys.modules["installed"] = lib
sys.modules["installed.base"] = lib.base
from impl import A
async def check(): await A().run()
# file: src/lib/__init__.py
# file: src/lib/base.py
class Base:
    def go(self): return 1
    async def run(self): return await self.go()
# file: impl.py
from installed.base import Base
class A(Base):
    async def go(self): return 1
`,
  super: `
class Base:
    async def go(self): return 1
class A(Base):
    def go(self): return super().go()
async def check(): await A().go()
`,
};

/** Files that Python does not compile; the line it names is the line that is found. */
export const OUTSIDE: Readonly<Record<string, string>> = {
  "in a plain function": "async def f(): pass\ndef g():\n    await f()\n",
  "at the top level": "async def f(): pass\nawait f()\n",
  "in a lambda": "async def f(): pass\nasync def g():\n    return lambda: await f()\n",
  "in a class body": "async def f(): pass\nasync def g():\n    class A:\n        x = await f()\n",
  "in a comprehension of a plain function":
    "async def f(): pass\ndef g():\n    return [await f() for x in (1,)]\n",
  "in the first iterable of a generator expression":
    "async def f(): pass\ndef g():\n    return (x for x in await f())\n",
  "in a function inside an async one": "async def f():\n    def g():\n        return await f()\n",
};
