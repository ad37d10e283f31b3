const KEY = "euar-theme";

export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

/** Colours of the page: those of the system, or the user's choice, which the browser remembers. */
class ThemeChoice {
  current = $state<Theme>(stored());

  constructor() {
    this.show();
  }

  choose(theme: Theme): void {
    this.current = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // a browser without storage forgets the choice
    }
    this.show();
  }

  private show(): void {
    if (this.current === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.current;
  }
}

function stored(): Theme {
  try {
    const text = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === text) ?? "system";
  } catch {
    return "system";
  }
}

export const theme = new ThemeChoice();
