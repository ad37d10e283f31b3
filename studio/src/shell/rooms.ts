import type { Component } from "svelte";
import TryRoom from "../try/TryRoom.svelte";

export interface Room {
  readonly id: string;
  readonly title: string;
  readonly component: Component;
}

/** Rooms in the order of the navigation. The first is shown at the start. */
export const rooms: readonly Room[] = [{ id: "try", title: "Try", component: TryRoom }];

/** Returns the room that the fragment of an address names, or the first. */
export function roomAt(hash: string): Room {
  const id = hash.replace(/^#\/?/u, "").split("/")[0];
  const found = rooms.find((room) => room.id === id) ?? rooms[0];
  if (!found) throw new Error("the studio has no rooms");
  return found;
}
