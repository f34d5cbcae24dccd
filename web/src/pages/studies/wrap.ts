/** A name in lines of at most so many letters, where its words allow. */
export function wrapped(name: string, letters: number): string[] {
  return name.split(" ").reduce<string[]>((lines, word) => {
    const last = lines[lines.length - 1];
    if (last === undefined || last.length + word.length + 1 > letters) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
