// @ts-check
import { createAgeClock } from "./age-clock.js";
import { createApi } from "./api.js";
import { follow } from "./follow.js";
import { createLoader } from "./loader.js";
import { newsOf } from "./news.js";
import { createPage, place } from "./page.js";
import { createSignIn } from "./sign-in.js";
import { bareStatus } from "./bare-status.js";
import { viewOf } from "./view.js";

const TICK_MS = 1000;
const CALM_MS = 500;

/** In memory alone: gone with the page, and never written to a disk. @type {string | undefined} */
let token;
let live = false;
let isWatching = false;
/** @type {import("./types.ts").View | undefined} */
let last;
/** What was last said aloud. @type {import("./types.ts").View | undefined} */
let announced;
let announcing = false;
/** Ends what follows the events; undefined while nothing does. @type {AbortController | undefined} */
let stream;

const now = createAgeClock({ monotonic: () => performance.now(), wall: () => Date.now() });
const page = createPage();
const api = createApi({
  fetch: globalThis.fetch.bind(globalThis),
  base: document.baseURI,
  token: () => token,
});
const loader = createLoader({ get: api.get, now, onChange: heard, onRefused: askForToken });
const signIn = createSignIn({
  onToken(given) {
    token = given;
    watch();
  },
});

function render() {
  if (!isWatching) return;
  const view = viewOf({ parts: loader.parts(), now: now(), runs: loader.showsRuns() });
  last = view;
  announceSoon();
  page.show(view);
  place("state").textContent = stateOf(view);
  place("state").classList.toggle("ill", view.alarm !== undefined);
}

/** @param {import("./types.ts").View} view */
function stateOf({ alarm }) {
  if (alarm !== undefined) return "Not believed";
  if (!loader.isAnswered()) return "Asking …";
  return live ? "Live" : "Polling";
}

/** What one fault does comes in several answers; said one by one, each would cut off the one before. */
function announceSoon() {
  if (announcing || last === undefined || newsOf(announced, last) === "") return;
  announcing = true;
  setTimeout(() => {
    announcing = false;
    if (last === undefined) return;
    const news = newsOf(announced, last);
    announced = last;
    if (news !== "") place("news").textContent = news;
  }, CALM_MS);
}

function heard() {
  if (stream === undefined && isWatching && loader.isAnswered()) followEvents();
  render();
}

function followEvents() {
  stream = new AbortController();
  void follow({
    open: (lastId, signal) =>
      api.open("/events", {
        signal,
        headers: { accept: "text/event-stream", ...(lastId && { "last-event-id": lastId }) },
      }),
    onEvent(type) {
      loader.hurry(type);
      // Changes come in groups: what one fault does to three suites is asked for once.
      setTimeout(() => isWatching && loader.tick(), 50);
    },
    onLive(now) {
      live = now;
      render();
    },
    pause,
    signal: stream.signal,
  });
}

function watch() {
  isWatching = true;
  signIn.close();
  place("board").hidden = false;
  place("sign-out").hidden = token === undefined;
  loader.tick();
  heard();
}

/** Nothing is asked, and nothing is claimed. @param {{ readonly forget: boolean }} how */
function rest(how) {
  isWatching = false;
  live = false;
  stream?.abort();
  stream = undefined;
  loader.stop(how);
}

/** @param {import("./types.ts").Trouble} trouble */
function askForToken(trouble) {
  rest({ forget: true });
  token = undefined;
  last = undefined;
  announced = undefined;
  page.clear();
  place("board").hidden = true;
  place("sign-out").hidden = true;
  place("state").textContent = "";
  place("state").classList.remove("ill");
  signIn.open(trouble);
  void bareStatus(api).then((text) => (place("bare-status").textContent = text));
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

place("sign-out").addEventListener("click", () =>
  askForToken({
    kind: "refused",
    status: 0,
    title: "The token is forgotten",
    detail: "Paste it again to go on.",
  }),
);
place("runs-details").addEventListener("toggle", () => isWatching && loader.wantRuns());
document.addEventListener("visibilitychange", () => {
  const isHidden = document.visibilityState === "hidden";
  if (isHidden && isWatching) {
    rest({ forget: false });
    // A title is read in the tab too, where nobody would see that it is old.
    document.title = "Paused · Greenlight";
  } else if (!isHidden && !isWatching && place("sign-in").hidden) watch();
});
setInterval(() => {
  if (!isWatching) return;
  loader.tick();
  render();
}, TICK_MS);
if (document.visibilityState === "visible") watch();
