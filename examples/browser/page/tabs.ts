/**
 * Implements tabs according to the ARIA practices: arrow keys, Home and End move, and the selected tab is
 * shown.
 */
export function startTabs(tabs: readonly HTMLElement[], onShow: (tab: HTMLElement) => void): void {
  const show = (chosen: HTMLElement): void => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls") ?? "")?.toggleAttribute("hidden", !isChosen);
    }
    onShow(chosen);
  };
  tabs.forEach((tab, at) => {
    tab.addEventListener("click", () => {
      show(tab);
    });
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      const next = to === undefined ? undefined : tabs.at(to % tabs.length);
      if (!next) return;
      event.preventDefault();
      next.focus();
      show(next);
    });
  });
}
