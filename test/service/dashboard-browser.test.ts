import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/sandbox/ports.ts";
import { type Service, startService } from "../../src/sandbox/service.ts";
import { useEnvironment } from "../support/environment.ts";
import { eventually } from "../support/wait.ts";
import { ask } from "./ask.ts";
import { type BrowserPage, chromium, openBrowser } from "./dashboard-browser.ts";

if (chromium === undefined)
  console.warn(
    "The dashboard is not tried in a browser: there is no chromium. Run: npm run setup -- --browser",
  );

const TOKEN = "canary-operator-0123456789abcdef";

const says = (text: string): string => `document.body?.innerText.includes(${JSON.stringify(text)})`;
const toneOf = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)})?.className.match(/tone-(\\w+)/)?.[1]`;

/** For the page: texts whose contrast to their ground is below 4.5 to 1 (WCAG 2.2, 1.4.3). */
const FAINT_TEXTS = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => value / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const ground = parse(getComputedStyle(each).backgroundColor);
      if ((ground[3] ?? 1) > 0) return ground;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.nodeValue.trim();
    if (text === "" || !element.checkVisibility()) continue;
    const both = [parse(getComputedStyle(element).color), groundOf(element)].map(luminance);
    const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (contrast < 4.5) found.push(contrast.toFixed(2) + ": " + text);
  }
  return found;
})()`;

describe.skipIf(chromium === undefined)("the dashboard in a browser", async () => {
  const environment = await useEnvironment({ dependencies: ["postgres", "redis", "auth", "auth-mock"] });
  const postgres = environment.dependencies.get("postgres");
  const start = async (token?: string): Promise<Service> =>
    startService({ environment, port: await freePort(), token, signal: AbortSignal.timeout(60_000) });
  let open: Service;
  let guarded: Service;
  let page: BrowserPage;

  beforeAll(async () => {
    [open, guarded, page] = await Promise.all([start(), start(TOKEN), openBrowser(chromium ?? "")]);
  });
  afterEach(async () => {
    await postgres?.setMode("none");
    await page.open("about:blank");
    page.forget();
  });
  afterAll(async () => {
    await Promise.all([page.close(), open.process.stop(), guarded.process.stop()]);
  });

  const isFit = `${toneOf(".headline")} === "go"`;
  /** What somebody who breaks a database has to see in the console: answers of 503, and nothing else. */
  const unexpected = (): string[] =>
    page.complaints.filter((each) => !/status of 503 .*\/(?:health|gate\/\w+)"/.test(each));

  test("turns when Postgres breaks, shows why, and turns back by itself", async () => {
    await page.open(`${open.url}/`);
    await page.until(isFit);
    expect(await page.evaluate("document.title")).toBe("Fit to be tested · sandbox · Greenlight");
    expect(await page.evaluate("document.getElementById('why-section').hidden")).toBe(true);
    await page.until(`document.getElementById("state").textContent === "Live"`);
    await page.until(`document.getElementById("news").textContent.startsWith("Fit to be tested")`);
    await page.evaluate(`{
      globalThis.heard = "";
      const news = document.getElementById("news");
      new MutationObserver(() => (heard += news.textContent + "\\n")).observe(news, { childList: true });
    }`);
    await postgres?.setMode("refuse");
    await page.until(`${toneOf(".headline")} === "wait" && document.querySelector(".why .chain")`);
    const chain = await page.evaluate<string[]>(
      `Array.from(document.querySelector(".why .chain").children, (each) => each.innerText)`,
    );
    expect(chain.length).toBeGreaterThan(1);
    expect(chain.length).toBeLessThanOrEqual(5);
    expect(chain.at(-1)).toContain("CONNECT_REFUSED");
    expect(await page.evaluate(`document.querySelector(".why .remedies li").innerText`)).toContain(
      "Start the server",
    );
    await page.until(`${toneOf('tr[data-key="postgres"]')} === "stop"`);
    expect(await page.evaluate(`document.querySelector("tbody tr").innerText`)).toMatch(
      /postgres[^]*fail[^]*CONNECT_REFUSED/,
    );
    // What is not seen is heard.
    await page.until(`/database[^]*: Wait/.test(heard) && /postgres: fail/.test(heard)`);
    expect(await page.evaluate(`document.querySelectorAll(".suite.tone-go").length`)).toBe(0);

    await postgres?.setMode("none");
    await page.until(isFit);
    expect(unexpected()).toEqual([]);
    expect(page.requests.filter(({ url }) => !url.startsWith(`${open.url}/`))).toEqual([]);
  });

  test("leaves alone what somebody reads while it changes", async () => {
    await page.open(`${open.url}/`);
    await page.until(`${isFit} && document.querySelector("#findings details")`);
    await page.evaluate(
      `{ const details = document.querySelector("#findings details"); details.open = true; details.firstChild.focus(); }`,
    );
    await postgres?.setMode("refuse");
    await page.until(`${toneOf(".headline")} === "wait"`);
    expect(await page.evaluate(`document.activeElement.closest("details")?.open`)).toBe(true);
  });

  test("shows nothing as well once the service is gone", async () => {
    const mortal = await start();
    await page.open(`${mortal.url}/`);
    await page.until(isFit);
    await mortal.process.stop();
    await page.until(`!document.getElementById("alarm").hidden`);
    expect(await page.evaluate(`document.getElementById("alarm").textContent`)).toContain(
      "The service does not answer",
    );
    await page.until(
      `document.querySelectorAll("#headline .tone-go, #suites .tone-go, #dependencies .tone-go").length === 0`,
    );
    expect(await page.evaluate("document.title")).toContain("Cannot tell");
  });

  test("while nobody looks it asks nothing and claims nothing", async () => {
    await page.open(`${open.url}/`);
    // The last that is asked for at the beginning.
    await page.until(`${isFit} && document.querySelector("#context dd")`);
    // A hidden tab, as the page sees it; the browser without a window hides none.
    await page.evaluate(`{
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }`);
    expect(await page.evaluate("document.title")).toBe("Paused · Greenlight");
    page.forget();
    await postgres?.setMode("refuse");
    await eventually(async () => (await ask(`${open.url}/gate/database`)).text.includes('"wait"'));
    // Longer than the page waits between two looks at what is due.
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 1100))");
    expect(page.requests).toEqual([]);
    expect(await page.evaluate("document.title")).toBe("Paused · Greenlight");
    await page.evaluate(
      `{ delete document.visibilityState; document.dispatchEvent(new Event("visibilitychange")); }`,
    );
    await page.until(`document.title.startsWith("Not fit")`);
  });

  test("asks for a token where one is needed, and shows no data before", async () => {
    await page.open(`${guarded.url}/`);
    await page.until(`!document.getElementById("sign-in").hidden`);
    await page.until(says("the environment's status is"));
    expect(await page.evaluate(says("postgres"))).toBe(false);
    expect(await page.evaluate(`document.activeElement.id`)).toBe("token");
    expect(
      page.requests
        .map(({ url }) => new URL(url).pathname)
        .filter((path) => !/^\/(?:dashboard\/.*)?$/.test(path)),
    ).toEqual(["/gate", "/health"]);
  });

  const enter = (token: string): Promise<void> =>
    page.evaluate(`{
      document.getElementById("token").value = ${JSON.stringify(token)};
      document.getElementById("sign-in-form").requestSubmit();
    }`);

  test("a token that is wrong is refused with the service's own words", async () => {
    await page.open(`${guarded.url}/`);
    await page.until(`!document.getElementById("sign-in").hidden`);
    await enter("canary-nobody");
    await page.until(says("The token is not known"));
    expect(await page.evaluate(`document.getElementById("refusal-command").textContent`)).toContain(
      "greenlight auth whoami",
    );
    expect(await page.evaluate(`document.getElementById("board").hidden`)).toBe(true);
  });

  test("a good token goes into one header, stays in memory alone, and is forgotten when it is told to", async () => {
    await page.open(`${guarded.url}/`);
    await page.until(`!document.getElementById("sign-in").hidden`);
    page.forget();
    await enter(TOKEN);
    await page.until(isFit);
    await page.until(`document.getElementById("state").textContent === "Live"`);
    expect(page.requests.length).toBeGreaterThan(5);
    for (const { url, headers } of page.requests) {
      expect(url).not.toContain(TOKEN);
      expect(headers.authorization, url).toBe(`Bearer ${TOKEN}`);
    }
    expect(
      await page.evaluate(
        `document.documentElement.outerHTML + document.getElementById("token").value + document.cookie + JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) + location.href`,
      ),
    ).not.toContain("canary");
    await page.evaluate(`document.getElementById("sign-out").click()`);
    await page.until(`!document.getElementById("sign-in").hidden`);
    expect(await page.evaluate(`document.documentElement.outerHTML.includes("postgres")`)).toBe(false);
    page.forget();
    await page.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))");
    expect(page.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    await page.open(`${guarded.url}/`);
    await page.until(`!document.getElementById("sign-in").hidden`);
  });

  test("names and messages never become markup, and the browser would not let them", async () => {
    await page.open(`${open.url}/`);
    await page.until(isFit);
    const attack = `<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>`;
    const shown = await page.evaluate<string>(`(async () => {
      const { h, show } = await import("/dashboard/dom.js");
      const { suiteNodes } = await import("/dashboard/render-suites.js");
      const bad = ${JSON.stringify(attack)};
      const card = { name: bad, tone: "stop", word: bad, meaning: bad, reasons: [bad], notes: [bad], next: bad, settled: undefined };
      show(document.getElementById("suites"), suiteNodes([card]));
      show(document.getElementById("why"), [h("p", { "data-key": bad, title: bad }, bad)]);
      return document.querySelector("#suites .name").textContent;
    })()`);
    expect(shown).toBe(attack);
    expect(
      await page.evaluate(
        `document.querySelectorAll("main img, main script").length + (globalThis.owned ?? 0)`,
      ),
    ).toBe(0);
    await expect(page.evaluate(`document.getElementById("why").innerHTML = "<b>x</b>"`)).rejects.toThrow(
      "TrustedHTML",
    );
  });

  test("without scripts it says which paths to ask", async () => {
    await page.send("Emulation.setScriptExecutionDisabled", { value: true });
    try {
      await page.open(`${open.url}/`);
      expect(await page.evaluate(says("This page is made by scripts"))).toBe(true);
    } finally {
      await page.send("Emulation.setScriptExecutionDisabled", { value: false });
    }
  });

  test("in both schemes and at every width nothing is cut off, and everything can be read", async () => {
    await postgres?.setMode("refuse");
    await page.open(`${open.url}/`);
    await page.until(`document.querySelector(".why .chain")`);
    try {
      for (const value of ["light", "dark"]) {
        await page.send("Emulation.setEmulatedMedia", {
          features: [{ name: "prefers-color-scheme", value }],
        });
        for (const width of [320, 760, 1280]) {
          const size = { width, height: 900, deviceScaleFactor: 1, mobile: true };
          await page.send("Emulation.setDeviceMetricsOverride", size);
          const shown = await page.evaluate("document.documentElement.scrollWidth");
          expect(shown, `${value} ${width}`).toBeLessThanOrEqual(width);
          expect(await page.evaluate(FAINT_TEXTS), `${value} ${width}`).toEqual([]);
        }
      }
    } finally {
      await page.send("Emulation.clearDeviceMetricsOverride");
    }
  });
});
