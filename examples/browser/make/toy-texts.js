// Texts of the toy posts and clips: a few positive, negative or neutral words about things. Enough to show
// that the page works, but not for correct predictions.

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

/** Templates by mood, each with a placeholder THING. */
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
 * Returns the i-th text of a list that cycles through the moods and repeats a text only after all others.
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
