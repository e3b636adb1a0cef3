/* Where the milestones of a goal stand. */

/** Places each pill under its mark where there is space, without overlaps, in at most two lines. */
export function placePills(card) {
  const pills = [...card.pills.children];
  const width = card.pills.clientWidth;
  if (pills.length === 0 || width === 0) {
    card.pills.style.height = '0';
    return;
  }
  const gap = 6;
  pills.forEach(pill => { pill.style.maxWidth = `${Math.floor(0.6 * width)}px`; });
  const boxes = pills.map((pill, index) => ({ pill, share: card.marks[index].share, width: Math.ceil(pill.offsetWidth) + 1 }));
  const want = box => Math.min(width - box.width, Math.max(0, box.share * width - box.width / 2));
  const lines = [[], []];
  const end = line => (line.length === 0 ? -gap : want(line[line.length - 1]) + line[line.length - 1].width);
  for (const box of boxes) {
    const fits = lines.find(line => want(box) >= end(line) + gap);
    (fits ?? (end(lines[0]) <= end(lines[1]) ? lines[0] : lines[1])).push(box);
  }
  const height = pills[0].offsetHeight;
  lines.forEach((line, row) => {
    const share = (width - gap * (line.length - 1)) / line.length;
    if (line.reduce((sum, box) => sum + box.width + gap, -gap) > width) {
      line.forEach(box => { box.width = Math.min(box.width, Math.floor(share)); });
    }
    let edge = -gap;
    line.forEach(box => { box.x = Math.max(want(box), edge + gap); edge = box.x + box.width; });
    edge = width + gap;
    [...line].reverse().forEach(box => { box.x = Math.max(0, Math.min(box.x, edge - gap - box.width)); edge = box.x; });
    line.forEach(box => {
      box.pill.style.maxWidth = `${box.width}px`;
      box.pill.style.left = `${Math.round(box.x)}px`;
      box.pill.style.top = `${row * (height + 4)}px`;
    });
  });
  card.pills.style.height = `${lines[1].length > 0 ? 2 * height + 4 : height}px`;
}

