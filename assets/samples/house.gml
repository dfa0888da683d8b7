graph [
  node [
    id 0
    label "0"
    size 1.5
  ]
  node [
    id 1
    label "1"
    size 2.5
  ]
  node [
    id 2
    label "2"
    size 3.5
  ]
  node [
    id 3
    label "3"
    size 1.5
  ]
  node [
    id 4
    label "4"
    size 2.5
  ]
  node [
    id 5
    label "5"
    size 3.5
  ]
  node [
    id 6
    label "6"
    size 1.5
  ]
  node [
    id 7
    label "7"
    size 2.5
  ]
  node [
    id 8
    label "8"
    size 3.5
  ]
  node [
    id 9
    label "9"
    size 1.5
  ]
  edge [
    source 0
    target 1
    weight 2
  ]
  edge [
    source 0
    target 4
    weight 1
  ]
  edge [
    source 0
    target 5
    weight 2
  ]
  edge [
    source 1
    target 2
    weight 2
  ]
  edge [
    source 1
    target 4
    weight 2
  ]
  edge [
    source 2
    target 3
    weight 2
  ]
  edge [
    source 3
    target 4
    weight 2
  ]
  edge [
    source 5
    target 6
    weight 2
  ]
  edge [
    source 6
    target 7
    weight 2
  ]
  edge [
    source 6
    target 8
    weight 1
  ]
  edge [
    source 7
    target 9
    weight 1
  ]
]
