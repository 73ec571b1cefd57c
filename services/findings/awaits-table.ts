import { defineFindings } from "./definition.ts";

/** What is wrong with `await` in Python code. Each is told only where it is certain. */
export const AWAITS_FINDINGS = defineFindings({
  AWAIT_NOT_ASYNC: {
    title: "something that is not async is awaited",
    severity: "error",
    owner: "suite",
    explanation:
      "Every definition that the name can lead to is an ordinary function or a class, and what it returns cannot be awaited. Python calls it, and then raises TypeError: object … can't be used in 'await' expression. What has been called by then has happened.",
    remedies: [
      "Remove the await, by hand or with: greenlight lint awaits --fix",
      "If {subject} is meant to be async, make its definition an async def.",
      "An async generator is gone through instead: async for item in {call}: …",
    ],
  },
  COROUTINE_NOT_AWAITED: {
    title: "a coroutine is made and never awaited",
    severity: "error",
    owner: "suite",
    explanation:
      "Every definition that the name can lead to is an async def. Calling one runs nothing: it makes a coroutine, which is thrown away here. Python says so in a RuntimeWarning at most, so a test can pass without having done what it says.",
    remedies: [
      "Await it: await {call}",
      "If it is to run beside what follows, keep the task: task = asyncio.create_task({call}), and await the task before the end.",
      "From a function that is not async: make that function async, or call asyncio.run({call}) where no event loop is running.",
    ],
  },
  ASYNC_GENERATOR_NOT_ITERATED: {
    title: "an async generator is made and never iterated",
    severity: "warning",
    owner: "suite",
    explanation:
      "An async def with a yield in it is an async generator. Calling one runs nothing, and Python says nothing about it.",
    remedies: ["Go through it: async for item in {call}: …", "If nothing needs it, remove the call."],
  },
  AWAIT_OUTSIDE_ASYNC: {
    title: "await stands where Python has nothing to suspend",
    severity: "error",
    owner: "suite",
    explanation:
      "Python refuses to compile a file that awaits outside an async def: no test in it can be collected. A lambda, a class body and a function inside an async def are not async themselves.",
    remedies: [
      "Make the function around it an async def, and await it where it is called.",
      "At the top level, put the code into an async def main() and call asyncio.run(main()).",
    ],
  },
});
