// The pages work without this. With it, the conversation stays in place: answers go out and news come in without a
// reload. Everything shown is made by the server; this only moves it.

const news = document.getElementById("news");
const say = (text) => { if (news) news.textContent = text; };
const chat = () => document.getElementById("chat");

// A box grows with what is written, where the browser does not do that by itself.
const growsByItself = CSS.supports("field-sizing", "content");
function grow(box) {
  if (growsByItself) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) grow(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector(".main-button"));
});

// How to find again what has the focus after a change around it.
function focused() {
  const one = document.activeElement;
  if (!one || !chat()?.contains(one)) return null;
  if (one.matches(".now h2")) return ".now h2";
  if (one.id) return `#${CSS.escape(one.id)}`;
  if (!one.name) return null;
  const value = one.matches("button, [type=checkbox]") ? `[value="${CSS.escape(one.value)}"]` : "";
  return `[name="${CSS.escape(one.name)}"]${value}`;
}

// What was unfolded stays so: shared work is read while the questions about it go by.
const unfolded = () => [...(chat()?.querySelectorAll("details[open]") ?? [])].map((one) => one.textContent);

function unfold(texts) {
  chat().querySelectorAll("details").forEach((one) => { one.open ||= texts.includes(one.textContent); });
}

// What is being written, and where, so that it outlasts a change around it.
function writing() {
  const box = chat()?.querySelector("#text, input[name=text]");
  const ticked = [...(chat()?.querySelectorAll("input[name=tick]") ?? [])].map((tick) => tick.checked);
  return {
    question: chat()?.dataset.question,
    text: box?.value ?? "",
    isChanged: Boolean(box && box.value !== box.defaultValue),
    ticked,
    focused: focused(),
    selection: [box?.selectionStart, box?.selectionEnd],
  };
}

function focusOn(place) {
  if (place.matches("h2")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function restore(before) {
  if (chat().dataset.question !== before.question) return;
  const box = chat().querySelector("#text, input[name=text]");
  if (box && before.isChanged) {
    box.value = before.text;
    if (box.tagName === "TEXTAREA") grow(box);
  }
  chat().querySelectorAll("input[name=tick]").forEach((tick, place) => { tick.checked = before.ticked[place]; });
  const place = before.focused && chat().querySelector(before.focused);
  if (!place) return;
  focusOn(place);
  if (place === box && box.setSelectionRange && box.type !== "date") box.setSelectionRange(...before.selection);
}

// Put the conversation of another copy of this page in place of the one that is shown.
function swap(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("chat");
  if (!fresh || !chat()) return false;
  const texts = unfolded();
  chat().replaceWith(document.adoptNode(fresh));
  unfold(texts);
  chat().querySelectorAll("textarea").forEach(grow);
  return true;
}

function announce() {
  const shown = chat().querySelector(".now [role=alert], .now h2");
  const last = [...chat().querySelectorAll(".talk .bot")].pop();
  const said = last?.querySelector(".first-lines") ?? last?.querySelector("p");
  const read = document.getElementById("read-aloud");
  if (read) read.textContent = [said?.textContent, shown?.textContent].filter(Boolean).join(" ");
}

// Go to the box, or to the question itself where there is something to choose from before the box.
function goToQuestion() {
  const hasChoices = chat().querySelector(".now .options, .now .ticks");
  const to = hasChoices ? chat().querySelector(".now h2") : chat().querySelector("#text, input[name=text]");
  if (to) focusOn(to);
}

async function send(form, button) {
  const given = new URLSearchParams(new FormData(form, button));
  const before = { ...chat().dataset };
  form.querySelectorAll("button").forEach((one) => { one.disabled = true; });
  // Not when it has worked: what is said then may be of a later answer, sent before this one came back.
  say("");
  try {
    const answer = await fetch(form.action, { method: "POST", body: given });
    const html = await answer.text();
    if (answer.status === 401) {
      // Signed out meanwhile: let the browser send it once more and show the way in, which keeps the words.
      if (!form.isConnected) {
        // News has put another copy in its place, and only what stands on the page can be sent.
        form.hidden = true;
        document.body.append(form);
      }
      form.submit();
      return;
    }
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      location.assign(answer.url);
      return;
    }
    // The news may have come first, and somebody may be writing at the next question already.
    const meanwhile = writing();
    if (swap(html)) {
      restore(meanwhile);
      announce();
      const isThereAlready = meanwhile.focused && meanwhile.question !== before.question;
      if (matchMedia("(hover: hover)").matches && !isThereAlready) goToQuestion();
      if (before.newest !== chat().dataset.newest) document.getElementById("now").scrollIntoView({ block: "nearest" });
      return;
    }
    say(answer.status === 503 ? "Not saved yet. Your words are still here; please try again in a moment."
      : "That did not work. Please open this page once more.");
  } catch {
    say("There is no connection right now. Your words are still here; please try again.");
  }
  form.querySelectorAll("button").forEach((one) => { one.disabled = false; });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (chat()?.contains(form)) {
    event.preventDefault();
    send(form, event.submitter);
    return;
  }
  // Elsewhere the page is left, and only a second press is kept away; a file leaves its page open for the next one.
  if (form.hasAttribute("data-gives-file")) return;
  if (form.method === "post" && form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

async function look() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  const before = writing();
  const next = new DOMParser().parseFromString(html, "text/html").getElementById("chat");
  if (!next || Number(next.dataset.newest) <= Number(chat().dataset.newest)) return;
  if (before.isChanged && next.dataset.question !== before.question) {
    say("This question was answered somewhere else. Send or copy what you wrote, then open the page again.");
    return;
  }
  if (swap(html)) {
    restore(before);
    announce();
  }
}

// Computers in schools are shared: what one learner wrote does not stay on the screen once they are signed out.
async function leave() {
  const answer = await fetch(location.href);
  if (!answer.redirected) {
    window.setTimeout(listen, 10_000);
    return;
  }
  if (writing().isChanged) say("You are signed out. Copy what you wrote, then open the page again.");
  else location.assign(answer.url);
}

function listen() {
  const stream = new EventSource(`/me/live?after=${chat().dataset.newest}`);
  stream.addEventListener("message", () => { look().catch(() => {}); });
  stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) leave().catch(() => {}); });
  // A page that lies in the back of a browser holds no connection open.
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

// A browser that waits to be let in looks again by itself, until something has become of it.
async function lookIn(waiting) {
  const answer = await fetch(location.href);
  if (answer.redirected) location.assign(answer.url);
  else if ((await answer.text()).includes(`data-waiting="${waiting}"`)) waitOutside(waiting);
  else location.reload();
}

function waitOutside(waiting) {
  window.setTimeout(() => { lookIn(waiting).catch(() => waitOutside(waiting)); }, 3_000);
}

const outside = document.querySelector("[data-waiting]");
if (outside) waitOutside(outside.dataset.waiting);

if (chat()) {
  chat().querySelectorAll("textarea").forEach(grow);
  listen();
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
} else {
  document.querySelectorAll("textarea").forEach(grow);
}
