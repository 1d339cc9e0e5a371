/** Something that a person has to put right; its message is the whole explanation. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Refusal'
  }
}
