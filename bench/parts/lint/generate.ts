import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What was generated. */
export interface Suite {
  readonly files: number;
  readonly lines: number;
  readonly tests: number;
}

const packages = 200;
const modulesPerPackage = 20;
/** Lines that a file is filled up to. */
const linesPerFile = 214;
const markers = ["slow", "database", "smoke", "network", "flaky_upstream", "billing", "search", "nightly"];

/**
 * Writes a suite like those of large projects: packages that import each other, tests beside them with fixtures,
 * markers, parameters and coroutines. The same count gives the same bytes. pytest collects it without an error.
 */
export function generateSuite(root: string, count: number): Suite {
  const modules = Math.min(packages * modulesPerPackage, Math.floor(count * 0.4));
  const written = { files: 0, lines: 0, tests: 0 };
  const write = (path: string, lines: readonly string[], tests = 0): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${lines.join("\n")}\n`);
    if (!path.endsWith(".py")) return;
    written.files += 1;
    written.lines += lines.length;
    written.tests += tests;
  };
  write("pytest.ini", [
    "[pytest]",
    "testpaths = tests",
    "pythonpath = .",
    "markers =",
    ...markers.map((name) => `    ${name}: tests that are ${name}`),
  ]);
  const folders = Math.ceil(modules / modulesPerPackage);
  for (let index = 0; index < folders; index += 1) {
    write(`shop/p${index}/__init__.py`, [`"""Package ${index}."""`]);
    write(`tests/p${index}/__init__.py`, []);
    write(`tests/p${index}/conftest.py`, conftest(index));
  }
  write("shop/__init__.py", ['"""The shop."""']);
  write("tests/__init__.py", []);
  for (let index = 0; index < modules; index += 1) write(`${pathOf(index)}.py`, sourceModule(index), 0);
  for (let index = 0; written.files < count; index += 1) {
    const { lines, tests } = testModule(index, modules);
    write(`tests/p${index % folders}/test_m${index}.py`, lines, tests);
  }
  return written;
}

const pathOf = (module: number): string => `shop/p${Math.floor(module / modulesPerPackage)}/m${module}`;
const nameOf = (module: number): string => pathOf(module).replaceAll("/", ".");

function conftest(index: number): string[] {
  return [
    "import pytest",
    "",
    "",
    '@pytest.fixture(scope="session")',
    `def settings_${index}():`,
    `    return {"package": ${index}, "url": "http://127.0.0.1"}`,
    "",
    "",
    "@pytest.fixture",
    `def client_${index}(settings_${index}):`,
    `    return dict(settings_${index}, open=True)`,
  ];
}

/** Fills a file up with blocks of one shape, and ends it with comments. */
function fill(head: readonly string[], block: (index: number) => readonly string[]): string[] {
  const lines = [...head];
  for (let index = 0; lines.length < linesPerFile - 25; index += 1) lines.push(...block(index));
  while (lines.length < linesPerFile) lines.push(`# ${lines.length}: what is left to say of this module`);
  return lines;
}

function sourceModule(index: number): string[] {
  // Chains of imports stay short: Python gives up at a depth of a thousand calls.
  const earlier = index === 0 ? [] : [Math.floor(index / 2), Math.floor(index / 3)];
  const head = [
    `"""Module ${index} of the shop."""`,
    "",
    "from __future__ import annotations",
    "",
    "import asyncio",
    "from dataclasses import dataclass, field",
    "from typing import Any, Iterable, Optional",
    "",
    ...[...new Set(earlier)].map((other) => `from ${nameOf(other)} import Store${other}, fetch_${other}_0`),
    "",
    "",
    "@dataclass",
    `class Item${index}:`,
    "    name: str",
    "    price: int = 0",
    "    tags: list[str] = field(default_factory=list)",
    "",
    "    def total(self, count: int = 1) -> int:",
    '        """What so many of them cost."""',
    "        return self.price * count",
    "",
    "",
    `class Store${index}:`,
    "    def __init__(self, items: Optional[Iterable[Any]] = None) -> None:",
    "        self.items = {item.name: item for item in items or ()}",
    "",
    "    async def load(self, name: str) -> Any:",
    "        await asyncio.sleep(0)",
    "        return self.items.get(name)",
    "",
    "    def names(self) -> list[str]:",
    "        return sorted(self.items)",
    "",
  ];
  return fill(head, (block) => [
    "",
    `async def fetch_${index}_${block}(name: str, *, retries: int = 3) -> dict[str, Any]:`,
    `    """Fetches ${block} by name."""`,
    `    store = Store${index}([Item${index}(name, price=${block})])`,
    "    for attempt in range(retries):",
    "        try:",
    "            item = await store.load(name)",
    "        except (KeyError, ValueError) as error:",
    '            raise RuntimeError(f"attempt {attempt} of {name!r} failed") from error',
    "        if item is not None:",
    '            return {"name": item.name, "total": item.total(retries)}',
    "    return {}",
    "",
    "",
    `def check_${index}_${block}(value: int, limit: int = ${block + 1}) -> bool:`,
    "    if value < 0 or limit < 0:",
    "        return False",
    "    return all(part <= limit for part in range(value % 7)) and value != limit",
    "",
  ]);
}

function testModule(index: number, modules: number): { lines: string[]; tests: number } {
  const used = [index, index * 3 + 1, index * 7 + 2].map((each) => each % modules);
  const [first = 0, second = 0] = used;
  const marker = (at: number): string => markers[(index + at) % markers.length] ?? "slow";
  let tests = 0;
  const head = [
    `"""Tests ${index}."""`,
    "",
    "import asyncio",
    "",
    "import pytest",
    "",
    ...[...new Set(used)].map(
      (each) => `from ${nameOf(each)} import Store${each}, check_${each}_0, fetch_${each}_0`,
    ),
    "",
    `pytestmark = pytest.mark.${marker(0)}`,
    "",
    "",
    "@pytest.fixture",
    `def store():`,
    `    return Store${first}()`,
    "",
    "",
    `@pytest.mark.${marker(1)}`,
    `class TestStore${index}:`,
    "    def test_names(self, store):",
    "        assert store.names() == []",
    "",
    "    async def load(self, store):",
    '        return await store.load("a")',
    "",
    "    def test_load(self, store):",
    "        assert asyncio.run(self.load(store)) is None",
    "",
  ];
  tests += 2;
  const lines = fill(head, (block) => {
    tests += 4;
    return [
      "",
      '@pytest.mark.parametrize(("value", "limit"), [(1, 2), (3, 4), pytest.param(5, 6, marks=pytest.mark.slow)])',
      `def test_check_${block}(value, limit):`,
      `    """The value ${block} is within its limit."""`,
      `    result = check_${first}_0(value, limit)`,
      "    expected = value >= 0 and limit >= 0",
      "    if not expected:",
      "        assert result is False",
      "    else:",
      '        assert result in (True, False), f"{value} and {limit} gave {result}"',
      "",
      "",
      `@pytest.mark.${marker(block)}`,
      `def test_fetch_${block}(store, tmp_path):`,
      "    async def work():",
      `        found = await fetch_${second}_0("name", retries=${block + 1})`,
      '        return found["total"]',
      "",
      "    total = asyncio.run(work())",
      '    (tmp_path / "total.txt").write_text(str(total))',
      `    assert total == 0 * ${block}`,
      "    assert store.names() == [], store",
      "",
    ];
  });
  return { lines, tests };
}
