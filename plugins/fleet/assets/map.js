/*
 * Arranging the map. A press on a miner opens the dialog where its place is chosen; with a mouse a
 * miner can also be dragged onto a free slot. Without this script a miner opens its own form.
 */
const form = () => document.getElementById('place-form')

function fill(place) {
  for (const name of ['zoneId', 'rack', 'shelf', 'position']) {
    form().elements[name].value = place[name] ?? ''
  }
}

const minerOf = (element) => JSON.parse(element.closest('[data-miner]').dataset.miner)

function openFor(miner) {
  form().elements.minerId.value = miner.id
  document.getElementById('place-name').textContent = miner.title
  fill(miner)
  document.getElementById('place').showModal()
}

document.addEventListener('click', (event) => {
  if (!event.target.closest?.('[data-arrange] [data-miner]') || !form()) return
  event.preventDefault()
  openFor(minerOf(event.target))
})

document.addEventListener('dragstart', (event) => {
  if (!event.target.closest?.('[data-arrange] [data-miner]')) return
  event.dataTransfer.setData('text/plain', JSON.stringify(minerOf(event.target)))
  event.dataTransfer.effectAllowed = 'move'
})

const slotOf = (event) => event.target.closest?.('[data-slot]')

document.addEventListener('dragover', (event) => {
  if (slotOf(event)) event.preventDefault()
})

for (const [name, on] of [
  ['dragenter', true],
  ['dragleave', false],
  ['drop', false],
]) {
  document.addEventListener(name, (event) => slotOf(event)?.classList.toggle('is-over', on))
}

document.addEventListener('drop', (event) => {
  const slot = slotOf(event)
  if (!slot || !form()) return
  event.preventDefault()
  const miner = JSON.parse(event.dataTransfer.getData('text/plain'))
  form().elements.minerId.value = miner.id
  fill(JSON.parse(slot.dataset.slot))
  form().requestSubmit()
})
