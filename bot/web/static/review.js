// The review works without this. With it, reading goes on in place: by keys, and by buttons that leave the page where
// it is. Words that are selected in an answer become what a comment is about.

const cards = () => [...document.querySelectorAll(".card")];
const aloud = (text) => { document.getElementById("read-aloud").textContent = text; };
const trouble = (text) => { document.getElementById("news").textContent = text; };

const nameOf = (card) => card.getAttribute("aria-label");
const isRead = (card) => card.classList.contains("is-read");
const formOf = (card, kind) => card.querySelector(`form[data-stays=${kind}]`);

let current = null;

function label(form, does, value) {
  form.querySelector(".does").textContent = does;
  form.querySelector("button").value = value;
}

// What the page shows once a form has done its work, and what is said about it.
const shows = {
  read(form, isDone) {
    const card = form.closest(".card");
    card.classList.toggle("is-read", isDone);
    card.querySelector(".who-read").textContent = isDone ? "You have read this" : "";
    label(form, isDone ? "Keep as new" : "Read", isDone ? "no" : "yes");
    return isDone ? `Read: ${nameOf(card)}.` : `Kept as new: ${nameOf(card)}.`;
  },
  star(form, isDone) {
    label(form, isDone ? "★ Starred" : "☆ Star", isDone ? "no" : "yes");
    return isDone ? "Starred." : "The star is off.";
  },
  settle(form, isDone) {
    const thread = form.closest(".thread");
    thread.classList.toggle("is-resolved", isDone);
    thread.querySelector(".settled").hidden = !isDone;
    label(form, isDone ? "Open again" : "Mark as resolved", isDone ? "no" : "yes");
    return isDone ? "Resolved." : "Open again.";
  },
};

async function press(form) {
  const button = form.querySelector("button");
  const isDone = button.value === "yes";
  const given = new URLSearchParams(new FormData(form, button));
  // Each press is a deed of its own, though the form on the page stays the same.
  given.delete("nonce");
  try {
    const headers = { accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: given, headers, redirect: "manual" });
    if (answer.status !== 204) throw new Error(String(answer.status));
    trouble("");
    return shows[form.dataset.stays](form, isDone);
  } catch {
    trouble("That did not work. Please open this page once more.");
    return "";
  }
}

// Words stay in their box where they would be lost: nobody is signed in any more, or there is no connection.
async function send(form) {
  try {
    const own = await fetch("/me/sessions", { redirect: "manual" });
    if (!own.ok) {
      trouble("You are signed out. Sign in again in another tab, then press Send: your words are still here.");
      return;
    }
    // Whoever signed in again has another token for their forms.
    const fresh = new DOMParser().parseFromString(await own.text(), "text/html").querySelector("[name=csrf]");
    form.elements.csrf.value = fresh.value;
    form.submit();
  } catch {
    trouble("There is no connection just now. Your words are still here.");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const isWords = form.matches("form.write");
  if (!isWords && !form.dataset.stays) return;
  event.preventDefault();
  event.stopPropagation();
  if (isWords) send(form);
  else press(form).then(aloud);
}, true);

function goTo(card) {
  current = card;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
}

// Where the reader is: in the card with the focus, or in the one they were in before.
function here() {
  return document.activeElement.closest(".card") ?? (current?.isConnected ? current : null);
}

async function next() {
  const all = cards();
  const from = here();
  const to = from ? all[all.indexOf(from) + 1] : all[0];
  const end = document.getElementById("next");
  if (to) goTo(to);
  else { end.focus(); current = from; }
  const said = from && !isRead(from) ? await press(formOf(from, "read")) : "";
  aloud(to ? said : `${said} That was the last one on this page.`);
}

function previous() {
  const all = cards();
  const from = here();
  const isBehind = document.activeElement.closest(".next") && from;
  const to = isBehind ? from : all[all.indexOf(from) - 1] ?? all[0];
  if (to) goTo(to);
}

// The box to write in: of the answer with the focus, else of the conversation that waits, else of the longest answer.
function boxOf(card) {
  const pair = [chosen, document.activeElement].map((one) => one?.closest(".pair")).find((one) => card.contains(one));
  const waits = card.querySelector(".thread:not(.is-resolved)");
  const fold = pair
    ? (!chosen && pair.querySelector(".thread:not(.is-resolved) details")) || pair.querySelector(".begin")
    : waits?.querySelector("details") ?? longest(card)?.closest(".pair").querySelector(".begin");
  if (!fold) return null;
  fold.open = true;
  return fold.querySelector("textarea");
}

function longest(card) {
  const all = [...card.querySelectorAll(".answer")];
  return all.reduce((one, other) => (other.textContent.length > one.textContent.length ? other : one), all[0]);
}

async function finish(card) {
  const thread = document.activeElement.closest(".thread:not(.is-resolved)")
    ?? card.querySelector(".thread:not(.is-resolved)");
  if (thread) aloud(await press(formOf(thread, "settle")));
  else if (!isRead(card)) aloud(await press(formOf(card, "read")));
  else aloud("Read already.");
}

const keys = document.getElementById("keys");
const uses = document.getElementById("use-keys");

function showKeys() {
  keys.open = !keys.open;
  keys.querySelector("summary").focus();
}

const deeds = {
  j: next,
  k: previous,
  r: () => { const card = here() ?? cards()[0]; if (card) { current = card; boxOf(card)?.focus(); } },
  e: () => { const card = here(); if (card) finish(card); },
  s: () => { const card = here(); if (card) press(formOf(card, "star")).then(aloud); },
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && isWriting && here()) goTo(here());
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !uses.checked) return;
  if (!Object.hasOwn(deeds, event.key)) return;
  event.preventDefault();
  deeds[event.key]();
});

// Words selected in an answer, exactly as they stand there, are what a comment on it is about.
let chosen = null;

function quote() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const answer = range.startContainer.parentElement;
  if (range.startContainer !== range.endContainer || !answer?.matches(".answer")) return;
  const words = range.startContainer.data.slice(range.startOffset, range.endOffset).trim();
  const about = answer.closest(".pair").querySelector(".about");
  if (!words || !about) return;
  const select = about.querySelector("select");
  const option = [...select.options].find((one) => one.value === words) ?? select.appendChild(new Option("", words));
  option.textContent = `“${words}”`;
  select.value = words;
  about.hidden = false;
  chosen = answer;
  current = answer.closest(".card");
  aloud(`Write about “${words}”.`);
}

document.addEventListener("selectionchange", () => { if (getSelection().isCollapsed) chosen = null; });
document.addEventListener("mouseup", (event) => {
  quote();
  if (chosen && chosen.contains(event.target)) chosen.closest(".pair").querySelector(".begin").open = true;
});
document.addEventListener("keyup", (event) => { if (event.shiftKey) quote(); });

keys.hidden = false;
try { uses.checked = localStorage.getItem("mull-keys") !== "off"; } catch { /* kept nowhere, so on */ }
uses.addEventListener("change", () => {
  try { localStorage.setItem("mull-keys", uses.checked ? "on" : "off"); } catch { /* for this page only */ }
});

const begun = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (begun && begun.matches(".card")) goTo(begun);
