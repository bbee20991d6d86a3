// What textual's page lacks here: the token leaves the address, the font is there before a cell is measured, keys go to
// the stepper from the start, and a download needs no new window, which browsers suppress.

history.replaceState(null, "", location.pathname);

const begin = window.onload;
window.onload = async (event) => {
  const fonts = ["", "bold ", "italic "].map((style) => document.fonts.load(`${style}16px "Roboto Mono"`));
  await Promise.allSettled(fonts);
  begin(event);
  for (const button of document.querySelectorAll("button")) {
    button.addEventListener("click", () => location.reload());
  }
};

const focusAtTheFirstByte = new MutationObserver(() => {
  if (document.body.classList.contains("-first-byte")) {
    focusAtTheFirstByte.disconnect();
    document.querySelector(".xterm-helper-textarea").focus();
  }
});
addEventListener("DOMContentLoaded", () => {
  focusAtTheFirstByte.observe(document.body, { attributeFilter: ["class"] });
});

const open = window.open;
window.open = (url, target) => {
  if (url === "#full") {
    document.body.classList.add("-full");
  } else if (url.startsWith(`${location.origin}/download/`)) {
    const link = document.createElement("a");
    link.href = url;
    link.download = "";
    link.click();
  } else {
    open.call(window, url, target, "noopener");
  }
};
