// What the toy posts and clips say: a few words about things, glad, angry or neither. Enough to show that a
// page works, too little to be right about anything else.

const things = [
  "this film",
  "the food",
  "our trip",
  "the music",
  "my new phone",
  "the game",
  "the weather",
  "that talk",
];

/** By mood, templates for a thing. */
const templates = {
  positive: [
    "I love THING, it is wonderful",
    "THING made me so happy today",
    "what a great surprise, THING was perfect",
    "THING was fantastic, thank you so much",
  ],
  negative: [
    "I hate THING, it is terrible",
    "THING ruined my whole day",
    "what an awful mess, THING was a disaster",
    "THING was horrible, never again",
  ],
  neutral: [
    "THING starts at nine",
    "they told us about THING",
    "THING is on the second page",
    "this is a list of what was said about THING",
  ],
};

export const moods = Object.keys(templates);

/**
 * The i-th of a list that goes through the moods in turn and repeats a text only after all others.
 * @param {number} i
 * @returns {{ mood: string, text: string }}
 */
export function toyText(i) {
  const mood = moods[i % moods.length];
  const round = Math.floor(i / moods.length);
  const template = templates[mood][round % templates[mood].length];
  const thing = things[(round + Math.floor(round / templates[mood].length)) % things.length];
  return { mood, text: template.replace("THING", thing) };
}
