/** What is chosen out of a list, also on pages of it that are not shown now. */

export class Selection<T extends { readonly id: string }> {
  private chosen = new Map<string, T>();
  private anchor = "";

  get all(): T[] {
    return [...this.chosen.values()];
  }

  get ids(): string[] {
    return [...this.chosen.keys()];
  }

  get size(): number {
    return this.chosen.size;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  /** Choose some of them, or no more. */
  set(some: readonly T[], isWanted: boolean): void {
    for (const one of some)
      if (isWanted) this.chosen.set(one.id, one);
      else this.chosen.delete(one.id);
  }

  /** Turn one of a list; `isRange`: it and all between it and the last one that was turned. */
  turn(shown: readonly T[], id: string, isRange: boolean): void {
    const at = shown.findIndex((one) => one.id === id);
    const before = shown.findIndex((one) => one.id === this.anchor);
    const isWanted = !this.chosen.has(id);
    const [from, to] =
      isRange && before >= 0 ? [Math.min(at, before), Math.max(at, before)] : [at, at];
    this.set(shown.slice(from, to + 1), isWanted);
    this.anchor = id;
  }

  /** Take over what is known newly of those that are chosen. */
  renew(shown: readonly T[]): void {
    for (const one of shown) if (this.chosen.has(one.id)) this.chosen.set(one.id, one);
  }

  clear(): void {
    this.chosen.clear();
    this.anchor = "";
  }
}
