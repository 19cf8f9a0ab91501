// Local times, copy buttons and live updates. Without it the page shows the same, as of when it was loaded.
"use strict";

const POLL_MS = 10000;
const REFRESH_MS = 30000;
const live = document.getElementById("live");
let shown = null;
let busy = false;

const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" };
const sameDay = new Intl.DateTimeFormat("en", clock);
const otherDay = new Intl.DateTimeFormat("en", { ...clock, weekday: "short" });

function localText(at) {
  return (at.getDate() === at.getUTCDate() ? sameDay : otherDay).format(at);
}

function decorate(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    const local = time.nextElementSibling;
    if (local && local.classList.contains("local") && at.getTimezoneOffset() !== 0) {
      local.textContent = localText(at);
    } else if (at.getTimezoneOffset() !== 0) {
      time.title = time.title + ", " + localText(at);
    }
  }
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
  }
}

async function copy(button) {
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch (_) {
    // no clipboard without https: select the text, so that one key copies it
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

function occupied() {
  const selection = getSelection();
  const typing = document.activeElement && /^(INPUT|SELECT)$/.test(document.activeElement.tagName);
  return document.hidden || typing || (selection && !selection.isCollapsed);
}

async function refresh() {
  if (busy || occupied()) {
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.getElementById("main");
    if (next && next.innerHTML !== shown) {
      shown = next.innerHTML;
      replace(next);
      document.title = fresh.title;
    }
  } catch (_) {
    // the indicator tells that the service is away
  } finally {
    busy = false;
  }
}

function replace(next) {
  const main = document.getElementById("main");
  const open = [...main.querySelectorAll("details[open]")].map((details) => details.id);
  const focused = document.activeElement && main.contains(document.activeElement) ? document.activeElement.id : "";
  main.replaceChildren(...next.childNodes);
  for (const id of open) {
    const details = document.getElementById(id);
    if (details) {
      details.open = true;
    }
  }
  decorate(main);
  if (focused) {
    document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

function tell(state, text) {
  live.className = "live " + state;
  live.textContent = text;
}

function follow() {
  const events = new EventSource("/api/v1/events");
  let polling = null;
  events.addEventListener("open", () => {
    clearInterval(polling);
    polling = null;
    tell("on", "live");
  });
  events.addEventListener("board", refresh);
  events.addEventListener("error", () => {
    tell("off", "reconnecting");
    if (events.readyState === EventSource.CLOSED && polling === null) {
      tell("on", "polling");
      polling = setInterval(refresh, POLL_MS);
    }
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (button) {
    copy(button);
  }
});
document.addEventListener("visibilitychange", refresh);
setInterval(refresh, REFRESH_MS);
decorate(document);
follow();
