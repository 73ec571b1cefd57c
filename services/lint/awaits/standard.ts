import type { DefinitionKind } from "./facts.ts";

/** Top-level modules of Python's own library, 3.9 to 3.14: a file of that name may or may not come first. */
export const STANDARD_MODULES: ReadonlySet<string> = new Set(
  `__future__ _thread abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore
   atexit audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd
   code codecs codeop collections colorsys compileall compression concurrent configparser contextlib
   contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis
   distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch
   fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib
   heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json
   keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap
   modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
   operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib
   poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat
   queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors
   shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile
   sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys
   sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit
   tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing
   unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref
   xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo`.split(/\s+/),
);

/** Coroutines of the library that everybody knows; a future or a task that nobody awaits runs all the same. */
const COROUTINES =
  "sleep wait wait_for to_thread open_connection start_server create_subprocess_exec create_subprocess_shell";

const PLAIN =
  "time.sleep time.time time.monotonic time.perf_counter json.dumps random.random random.randint os.getcwd os.getpid os.listdir os.makedirs os.remove builtins.print builtins.len builtins.str builtins.int builtins.float builtins.repr builtins.isinstance builtins.sorted builtins.range builtins.dict builtins.list builtins.set builtins.tuple builtins.input";

/** What is known of functions outside the tree. */
export const KNOWN_FUNCTIONS: ReadonlyMap<string, DefinitionKind> = new Map([
  ...COROUTINES.split(" ").map((name) => [`asyncio.${name}`, "c"] as const),
  ...PLAIN.split(" ").map((name) => [name, "s"] as const),
]);

/**
 * Classes outside the tree that leave the methods of their subclasses as they are. `bare`: they have no methods of their
 * own to find; `protocol`: what has the same methods need not be a subclass.
 */
export const KNOWN_CLASSES: ReadonlyMap<string, "bare" | "full" | "protocol"> = new Map([
  ["builtins.object", "bare"],
  ["abc.ABC", "bare"],
  ["typing.Generic", "bare"],
  ["typing_extensions.Generic", "bare"],
  ["typing.Protocol", "protocol"],
  ["typing_extensions.Protocol", "protocol"],
  ["unittest.TestCase", "full"],
  ["unittest.IsolatedAsyncioTestCase", "full"],
  ["threading.Thread", "full"],
  ["builtins.Exception", "full"],
  ["builtins.RuntimeError", "full"],
  ["builtins.ValueError", "full"],
  ["builtins.dict", "full"],
  ["builtins.list", "full"],
  ["builtins.str", "full"],
  ["builtins.int", "full"],
]);
