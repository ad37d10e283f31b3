import type { Component } from "svelte";

export interface Room {
  readonly id: string;
  readonly title: string;
  /** Loads the room when it is first opened. */
  readonly load: () => Promise<Component>;
}

/** Rooms in the order of the navigation. The first is shown at the start. */
export const rooms: readonly Room[] = [
  {
    id: "try",
    title: "Try",
    load: async () => (await import("../try/TryRoom.svelte")).default,
  },
  {
    id: "data",
    title: "Data",
    load: async () => (await import("../data/DataRoom.svelte")).default,
  },
  {
    id: "train",
    title: "Train",
    load: async () => (await import("../train/TrainRoom.svelte")).default,
  },
  {
    id: "compare",
    title: "Compare",
    load: async () => (await import("../compare/CompareRoom.svelte")).default,
  },
  {
    id: "serve",
    title: "Serve",
    load: async () => (await import("../serve/ServeRoom.svelte")).default,
  },
];

/** Place in the studio: a room, and what follows it in the address. */
export interface Place {
  readonly room: Room;
  /** Parts of the address after the name of the room, for example the runs that are compared. */
  readonly parts: readonly string[];
}

/** Returns the place that the fragment of an address names, or the first room. */
export function placeAt(hash: string): Place {
  const [id, ...parts] = hash.replace(/^#\/?/u, "").split("/");
  const room = rooms.find((each) => each.id === id) ?? rooms[0];
  if (!room) throw new Error("the studio has no rooms");
  return { room, parts: parts.filter((part) => part !== "").map(decoded) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // an invalid address
  }
}
