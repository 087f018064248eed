/** `JSON.parse` for text from outside: null where it is no JSON. What it returns still needs a schema. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
