import { type Place, placeAt } from "./rooms.js";

/** Place in the studio that the address names. */
class Here {
  place = $state.raw<Place>(placeAt(location.hash));

  constructor() {
    addEventListener("hashchange", () => {
      const { room } = this.place;
      this.place = placeAt(location.hash);
      if (this.place.room !== room) document.getElementById("content")?.focus();
    });
  }

  /** Parts of the address after the name of the room. */
  get parts(): readonly string[] {
    return this.place.parts;
  }

  /** Changes these parts without a new entry in the browser's history. */
  replaceParts(parts: readonly string[]): void {
    const { room } = this.place;
    history.replaceState(null, "", `#/${[room.id, ...parts.map(encodeURIComponent)].join("/")}`);
    this.place = { room, parts };
  }
}

export const here = new Here();
